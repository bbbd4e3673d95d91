"""An EMR Serverless application whose workers run in an image of the registry.

EMR Serverless pulls by itself, as the policy of the repository allows: the first repository lets in
every application of the account, the second the one application that is there already.
"""

import aws_cdk as cdk
from aws_cdk import aws_emrserverless as emrserverless

from ecr_constructs import EmrServerlessApplications, SecureRepository


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Data", env=cdk.Environment(account="111111111111", region="eu-west-1"))
    spark = SecureRepository(stack, "Spark", repository_name="data/spark")
    spark.grant_pull(EmrServerlessApplications())
    emrserverless.CfnApplication(
        stack,
        "Application",
        name="reports",
        type="SPARK",
        # The image is made from public.ecr.aws/emr-serverless/spark/emr-7.9.0.
        release_label="emr-7.9.0",
        image_configuration=emrserverless.CfnApplication.ImageConfigurationInputProperty(
            image_uri=spark.repository_uri_for_tag("v1")
        ),
    )

    hive = SecureRepository(stack, "Hive", repository_name="data/hive")
    hive.grant_pull(EmrServerlessApplications(application_ids=["00f1abcdexample"]))
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
