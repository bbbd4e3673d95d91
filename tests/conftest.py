"""What every test needs before jsii starts Node, which keeps the environment of its start."""

import os

os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "1")
# CDK's own validation of templates costs seconds; tests that want one run it themselves.
os.environ["CDK_VALIDATION"] = "false"
