"""A fleet in a CDK app: one stack a shard, in one of two modes that write the same templates."""
