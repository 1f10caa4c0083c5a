"""Load: thousands of customers at once. The only package in which Locust, and so gevent, is imported, and only in ``swarm``."""
