"""The crowd: a process that plays conversations, thousands at once, for one Locust process. It never imports Locust or gevent."""
