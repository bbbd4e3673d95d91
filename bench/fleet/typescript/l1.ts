/** CDK's L1 classes from TypeScript: `node l1.js COUNT OUTDIR`. */
import * as cdk from "aws-cdk-lib";
import * as ecr from "aws-cdk-lib/aws-ecr";
import * as iam from "aws-cdk-lib/aws-iam";
import * as workload from "./workload";

function join(...parts: unknown[]): unknown {
  return { "Fn::Join": ["", parts] };
}

const PARTITION = { Ref: "AWS::Partition" };
const REGION = { Ref: "AWS::Region" };
const ACCOUNT = { Ref: "AWS::AccountId" };
const TRUST = {
  Statement: [
    {
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": ACCOUNT },
        ArnLike: {
          "aws:SourceArn": join("arn:", PARTITION, ":ecs:", REGION, ":", ACCOUNT, ":*"),
        },
      },
      Effect: "Allow",
      Principal: { Service: workload.ECS_TASKS },
    },
  ],
  Version: "2012-10-17",
};
const POLICY = {
  Statement: [
    {
      Action: workload.READER_ACTIONS,
      Effect: "Allow",
      Principal: { AWS: join("arn:", PARTITION, `:iam::${workload.READER}:root`) },
    },
  ],
  Version: "2012-10-17",
};

const REPOSITORIES = "arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/";

function arn(entry: number): unknown {
  return { "Fn::Sub": REPOSITORIES + workload.repositoryName(entry) };
}

const app = new cdk.App({ outdir: process.argv[3] });
for (const [name, teams] of workload.stacks(Number(process.argv[2]))) {
  const stack = new cdk.Stack(app, name);
  for (const team of teams) {
    new iam.CfnRole(stack, team.description, {
      description: team.description,
      assumeRolePolicyDocument: TRUST,
      policies: [
        {
          policyName: "Repositories",
          policyDocument: {
            Statement: [
              {
                Action: workload.TASK_ACTIONS,
                Effect: "Allow",
                Resource: team.entries.map(arn),
              },
              { Action: workload.LOG_IN, Effect: "Allow", Resource: "*" },
            ],
            Version: "2012-10-17",
          },
        },
      ],
    });
    for (const entry of team.entries) {
      const repository = new ecr.CfnRepository(stack, `Repository${entry}`, {
        repositoryName: workload.repositoryName(entry),
        imageScanningConfiguration: { scanOnPush: true },
        imageTagMutability: "IMMUTABLE",
        lifecyclePolicy: { lifecyclePolicyText: workload.LIFECYCLE },
        repositoryPolicyText: POLICY,
      });
      repository.applyRemovalPolicy(cdk.RemovalPolicy.RETAIN);
    }
  }
}
app.synth();
