"""The constructs: values in, CloudFormation resources out. The only floor that talks to jsii."""
