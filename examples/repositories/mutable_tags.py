"""Tags that may move.

Every tag stays where it is unless it is named here, so what was tested is what is deployed. Some
tools need tags that move: say which, and the rest stays safe.
"""

import aws_cdk as cdk

from ecr_constructs import (
    BUILDKIT_CACHE_TAGS,
    COSIGN_TAGS,
    LATEST_TAG,
    MutableTags,
    SecureRepository,
)


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Shop")

    # `latest` follows the newest image; cosign adds signatures beside the tag of an image.
    SecureRepository(
        stack, "Api", repository_name="shop/api", mutable_tags=[*LATEST_TAG, *COSIGN_TAGS]
    )
    # docker buildx build --cache-to type=registry,ref=.../shop/cache:buildcache,mode=max
    SecureRepository(stack, "Cache", repository_name="shop/cache", mutable_tags=BUILDKIT_CACHE_TAGS)
    # The other way round: everything moves but releases.
    SecureRepository(
        stack,
        "Nightly",
        repository_name="shop/nightly",
        mutable_tags=MutableTags.all_except("v*"),
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
