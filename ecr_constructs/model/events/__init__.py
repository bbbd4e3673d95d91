"""What ECR and Amazon Inspector send to EventBridge, and what CloudWatch counts of ECR."""
