"""The resource types that CloudFormation provisions here beside ministack's own."""
