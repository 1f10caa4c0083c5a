"""Real dialogs made into scenarios: readers of what messengers and helpdesks export, and the weaving into steps.

    export (file, folder, zip) ─► reader ─► Dialog (turns) ─► parties (who is who) ─► pieces ─► scrub ─► Scenario

A reader gives turns one by one, so an export of any size is read in bounded memory: once to count who writes, and once to
weave.
"""
