"""A preview environment that leaves nothing behind.

Losing images has to be asked for, with a reason that stands in the template, where a reviewer finds
it. Everywhere else a repository stays when its stack goes.
"""

import aws_cdk as cdk

from ecr_constructs import ImageKey, MutableTags, Removal, SecureRepository, expire_after


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Preview")
    rebuilt = Removal.delete_with_images(reason="preview environment, rebuilt for each change")

    key = ImageKey(stack, "Key", pending_window_days=7, removal=rebuilt)
    SecureRepository(
        stack,
        "Api",
        encryption_key=key,
        mutable_tags=MutableTags.all(),
        lifecycle=[expire_after(days=7)],
        removal=rebuilt,
    )
    # Deleted with the stack only when nobody pushed to it: else the deletion fails and says so.
    SecureRepository(
        stack,
        "Reports",
        removal=Removal.delete_when_empty(reason="reports are copied elsewhere before"),
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
