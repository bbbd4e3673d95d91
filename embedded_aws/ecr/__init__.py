"""Amazon ECR: its API, its registry protocol, and the state behind both.

ministack's own ECR is not used: it knows neither tokens nor referrers nor most of the
registry-wide operations, and it validates nothing. ministack authenticates the requests and
decides (IAM); what ECR does with an allowed request is here.
"""
