"""Pictures and pages: text that is no markup, colours, scales, and the frame around them."""
