"""Runs side by side: settings, scores, what differs beyond noise, and on which pictures."""
