"""The tasks, thin: a module for each queue, so that a worker loads what its queue needs."""
