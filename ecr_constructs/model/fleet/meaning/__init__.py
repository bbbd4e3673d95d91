"""What entries of a manifest mean: their CloudFormation resources, as plain values."""
