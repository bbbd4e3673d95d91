"""From files to templates: JSON, YAML, what the AWS CLI prints, and CDK's assemblies."""
