"""The Locust side: users, statistics, the web panel. The only place that imports Locust, and so gevent, which patches its process."""
