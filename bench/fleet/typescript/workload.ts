/** The workload of programs/workload.py, for TypeScript. */
export const PER_STACK = 250;
export const PER_ROLE = 10;
export const READER = "222222222222";
export const KEPT = 50;
export const UNTAGGED_DAYS = 14;
export const KEPT_TEXT = `Keep the newest ${KEPT} images tagged v*`;
export const UNTAGGED_TEXT = `Expire untagged images after ${UNTAGGED_DAYS} days`;
export const ECS_TASKS = "ecs-tasks.amazonaws.com";
export const READER_ACTIONS = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
export const TASK_ACTIONS = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:GetDownloadUrlForLayer",
];
export const LOG_IN = "ecr:GetAuthorizationToken";
export const LIFECYCLE = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: KEPT_TEXT,
      selection: {
        tagStatus: "tagged",
        tagPatternList: ["v*"],
        countType: "imageCountMoreThan",
        countNumber: KEPT,
      },
      action: { type: "expire" },
    },
    {
      rulePriority: 2,
      description: UNTAGGED_TEXT,
      selection: {
        tagStatus: "untagged",
        countType: "sinceImagePushed",
        countNumber: UNTAGGED_DAYS,
        countUnit: "days",
      },
      action: { type: "expire" },
    },
  ],
});

export interface Team {
  readonly description: string;
  readonly entries: number[];
}

export function repositoryName(entry: number): string {
  return `fleet/svc-${String(entry).padStart(5, "0")}`;
}

export function* stacks(count: number): Generator<[string, Team[]]> {
  for (let start = 0; start < count; start += PER_STACK) {
    const end = Math.min(count, start + PER_STACK);
    const teams: Team[] = [];
    for (let at = start; at < end; at += PER_ROLE) {
      const entries: number[] = [];
      for (let entry = at; entry < Math.min(at + PER_ROLE, end); entry += 1) {
        entries.push(entry);
      }
      const description = `team-${String(at / PER_ROLE).padStart(5, "0")}`;
      teams.push({ description, entries });
    }
    yield [`Fleet-g${String(start / PER_STACK).padStart(3, "0")}-1`, teams];
  }
}
