"""Search: what a query means (rewriting), which papers come near (candidates), in which order (reranking).

The index is a file of its own beside the database, derived from it and disposable.
"""
