//! Two counters, one answer: made areas with all that is messy, under each of the five plans.
