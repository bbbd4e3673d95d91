/** CDK's own classes from TypeScript: `node l2.js COUNT OUTDIR`. */
import * as cdk from "aws-cdk-lib";
import * as ecr from "aws-cdk-lib/aws-ecr";
import * as iam from "aws-cdk-lib/aws-iam";
import * as workload from "./workload";

const app = new cdk.App({ outdir: process.argv[3] });
for (const [name, teams] of workload.stacks(Number(process.argv[2]))) {
  const stack = new cdk.Stack(app, name);
  for (const team of teams) {
    const role = new iam.Role(stack, team.description, {
      description: team.description,
      assumedBy: new iam.ServicePrincipal(workload.ECS_TASKS, {
        conditions: {
          StringEquals: { "aws:SourceAccount": stack.account },
          ArnLike: {
            "aws:SourceArn": `arn:${stack.partition}:ecs:${stack.region}:${stack.account}:*`,
          },
        },
      }),
    });
    for (const entry of team.entries) {
      const repository = new ecr.Repository(stack, `Repository${entry}`, {
        repositoryName: workload.repositoryName(entry),
        imageScanOnPush: true,
        imageTagMutability: ecr.TagMutability.IMMUTABLE,
        lifecycleRules: [
          {
            description: workload.KEPT_TEXT,
            tagPatternList: ["v*"],
            maxImageCount: workload.KEPT,
          },
          {
            description: workload.UNTAGGED_TEXT,
            tagStatus: ecr.TagStatus.UNTAGGED,
            maxImageAge: cdk.Duration.days(workload.UNTAGGED_DAYS),
          },
        ],
      });
      repository.addToResourcePolicy(
        new iam.PolicyStatement({
          principals: [new iam.AccountPrincipal(workload.READER)],
          actions: workload.READER_ACTIONS,
        }),
      );
      repository.grantPull(role);
    }
  }
}
app.synth();
