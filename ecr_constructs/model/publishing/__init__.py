"""What is published of repositories for those who do not import ours."""
