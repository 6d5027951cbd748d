"""The journeys: what happens to a host, a feed and an article, top to bottom; each imports only what it needs.

Each journey asks a store for the few fields it needs, asks `core` to decide, and hands the store one
intent that holds everything to write. The Protocols of `ports.py` are all that it knows of the outside.
"""
