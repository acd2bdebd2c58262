"""Full-text search over what a user may read: terms, the index that is written behind the posts, and looking (decisions/0017)."""
