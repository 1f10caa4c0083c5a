from chatdrill.wire import Coverage

COVERAGE: tuple[Coverage, ...] = ()
