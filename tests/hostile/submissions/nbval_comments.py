# attacks: head_loss
# trick: nbval's own markers
# NBVAL_SKIP
# NBVAL_IGNORE_OUTPUT
# NBVAL_RAISES_EXCEPTION
raise ValueError
