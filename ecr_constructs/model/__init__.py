"""What ECR is: rules, limits and decisions as frozen values and small functions.

Nothing here imports aws_cdk, constructs or jsii, so the same rule serves a construct's error
and the check of any template, and a test of it takes microseconds.
"""
