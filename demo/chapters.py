"""Everything that the demo promises, in the order of the last table."""

from __future__ import annotations

from demo.promises import Chapter, Promise

STANDS = Chapter(
    "What stands there",
    (
        Promise("encryption", "each repository encrypted as written, shop/api with the shop's key"),
        Promise("scanning", "every push is scanned"),
        Promise("mutability", "tags are immutable, but for `latest` of shop/web"),
        Promise(
            "lifecycle",
            "untagged images expire after the stated days, and of releases the newest stay",
        ),
    ),
)

IMAGES = Chapter(
    "What may be done",
    (
        Promise("push", "the CI role of branch main pushes an image of two platforms"),
        Promise("described", "ECR describes the digest that was computed before the push"),
        Promise("referrer", "the CI role attaches an SBOM, and who pulls the image finds it"),
        Promise("pull", "the execution role pulls it as ECS: every byte as it was pushed"),
        Promise("reader-pull", "the reader in another account pulls shop/api"),
        Promise("move-latest", "`latest` of shop/web moves to the next image"),
    ),
)

REFUSALS = Chapter(
    "What is refused",
    (
        Promise(
            "execution-push",
            "the execution role cannot push",
            ("403", "not authorized to perform: ecr:InitiateLayerUpload"),
        ),
        Promise(
            "execution-worker",
            "the execution role cannot pull shop/worker, which it was not given",
            ("403", "not authorized to perform: ecr:BatchGetImage"),
        ),
        Promise(
            "ci-delete",
            "the CI role cannot delete an image",
            ("AccessDenied", "not authorized to perform: ecr:BatchDeleteImage"),
        ),
        Promise(
            "ci-elsewhere",
            "the CI role cannot push to a repository outside the shop",
            ("403", "not authorized to perform: ecr:InitiateLayerUpload"),
        ),
        Promise(
            "token-only",
            "a role that may only log in cannot pull",
            ("403", "not authorized to perform: ecr:BatchGetImage"),
        ),
        Promise("made-up-token", "nobody pulls with a made-up token", ("401",)),
        Promise(
            "immutable-tag",
            "shop/api:v1 cannot be overwritten, not even by the CI role",
            ("already exists", "cannot be overwritten because the tag is immutable"),
        ),
        Promise(
            "stranger",
            "an account that was not named cannot pull shop/api",
            ("403", "not authorized to perform: ecr:BatchGetImage"),
        ),
        Promise(
            "reader-web",
            "the reader cannot pull shop/web, which was not shared",
            ("403", "not authorized to perform: ecr:BatchGetImage"),
        ),
        Promise(
            "reader-push",
            "the reader cannot push to shop/api",
            ("403", "not authorized to perform: ecr:InitiateLayerUpload"),
        ),
        Promise(
            "github-branch",
            "a workflow of another branch cannot take the CI role",
            ("AccessDenied", "sts:AssumeRoleWithWebIdentity"),
        ),
        Promise(
            "github-repository",
            "a workflow of another GitHub repository cannot take the CI role",
            ("AccessDenied", "sts:AssumeRoleWithWebIdentity"),
        ),
        Promise(
            "github-audience",
            "a GitHub token made for somebody else is worth nothing",
            ("InvalidIdentityToken",),
        ),
        Promise(
            "github-forged",
            "a GitHub token that somebody else signed is worth nothing",
            ("InvalidIdentityToken",),
        ),
        Promise(
            "ecs-other-account",
            "ECS cannot take the execution role for another account's task",
            ("AccessDenied", "sts:AssumeRole"),
        ),
    ),
)

LATER = Chapter(
    "What a later deploy does",
    (
        Promise("diff", "`cdk diff` finds nothing"),
        Promise("update", "an update changes the lifecycle and nothing else"),
        Promise("destroy", "`cdk destroy` takes the stack and leaves repositories and images"),
        Promise(
            "again",
            "a deploy after it stops at the repositories that are there",
            ("cdk exited with 1", "AWS::ECR::Repository", "already exists"),
        ),
        Promise("import", "`cdk import` takes in what was left, `cdk deploy` makes the rest"),
        Promise("survived", "every image is there, under the digest that it was pushed with"),
        Promise("pull-again", "the new execution role pulls the image that the old stack was sent"),
    ),
)

ALL = (STANDS, IMAGES, REFUSALS, LATER)
