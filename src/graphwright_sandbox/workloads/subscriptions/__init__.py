"""Change notifications as applications ask for them: `/subscriptions`."""
