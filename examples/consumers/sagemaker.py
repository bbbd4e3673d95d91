"""A SageMaker model made of an image of the registry.

The execution role pulls that image and writes the model's logs. Its data is another grant.
"""

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sagemaker as sagemaker

from ecr_constructs import SageMakerRole, SecureRepository


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Models")
    ranking = SecureRepository(stack, "Ranking", repository_name="shop/ranking")
    data = s3.Bucket(stack, "Data", enforce_ssl=True)

    models = SageMakerRole(stack, "ModelRole", pulls_from=[ranking])
    data.grant_read(models.role, "ranking/*")
    model = sagemaker.CfnModel(
        stack,
        "Model",
        execution_role_arn=models.role.role_arn,
        primary_container=sagemaker.CfnModel.ContainerDefinitionProperty(
            image=ranking.repository_uri_for_tag("v2"),
            model_data_url=data.s3_url_for_object("ranking/model.tar.gz"),
        ),
    )
    # SageMaker tries the image when the model is made: the role must have its policy by then.
    model.node.add_dependency(models)
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
