"""The locustfile of ``chatdrill load``, in a folder of its own: Locust puts that folder before the standard library's modules."""
