"""Who can reach which repository: one model that the table, the JSON and the asserts share."""
