"""What a policy can and cannot do to any images, each answer with what shows it."""
