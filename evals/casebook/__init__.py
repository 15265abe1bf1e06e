"""The casebook: questions with what a right answer has to do, from files that people write."""
