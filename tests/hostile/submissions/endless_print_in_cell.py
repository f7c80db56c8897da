# attacks: head_loss
# trick: prints for ever while the cell runs
while True:
    print('x' * 10000)
