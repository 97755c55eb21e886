"""Records that come from other systems and go to them: imports and exports of completions."""
