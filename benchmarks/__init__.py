"""Speed and memory, as ratios against a stated baseline in one run; never part of the tests."""
