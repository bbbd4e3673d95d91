"""What conditions and elements compare: texts, patterns, times, ARNs, variables, truth."""
