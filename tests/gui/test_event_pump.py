import threading

from workbench.core.events import Notice
from workbench.gui.event_pump import EventPump


def put(pump, count):
    for number in range(count):
        pump.put(Notice(level="info", text=str(number)))


def test_events_of_another_thread_come_together_in_order_on_the_windows_thread(qtbot):
    pump = EventPump()
    batches, threads = [], set()

    def take(batch):
        batches.append(batch)
        threads.add(threading.current_thread())

    pump.drained.connect(take)
    worker = threading.Thread(target=put, args=(pump, 1000))
    worker.start()
    worker.join()
    with qtbot.waitSignal(pump.drained):
        pump.start()
    pump.stop()
    assert [event.text for batch in batches for event in batch] == [str(number) for number in range(1000)]
    assert len(batches) == 1
    assert threads == {threading.main_thread()}


def test_stopping_hands_out_the_rest_and_silence_is_silent(qtbot):
    pump = EventPump()
    with qtbot.assertNotEmitted(pump.drained):
        pump.drain()
    put(pump, 3)
    with qtbot.waitSignal(pump.drained) as caught:
        pump.stop()
    assert len(caught.args[0]) == 3
