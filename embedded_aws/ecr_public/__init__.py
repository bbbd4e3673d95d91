"""Amazon ECR Public: repositories and what the gallery shows of them. Images are not emulated."""
