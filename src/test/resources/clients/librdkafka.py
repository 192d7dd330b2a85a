"""Drives librdkafka through confluent_kafka for tests; OtherClient documents commands and lines."""

import base64
import os
import signal
import sys

from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

# confluent_kafka 1.7 gives back None once too often for each header without a value: Python would take None apart in the end.
NONES = [None] * 1000000


def decoded(text):
    return None if text == "~" else base64.b64decode(text[1:])


def encoded(data):
    return "~" if data is None else "+" + base64.b64encode(data).decode("ascii")


def create(bootstrap, topic, partitions):
    admin = AdminClient({"bootstrap.servers": bootstrap})
    for created in admin.create_topics([NewTopic(topic, int(partitions), 1)]).values():
        created.result()
    print(len(admin.list_topics(topic).topics[topic].partitions))


def produce(bootstrap, topic, codec):
    producer = Producer(
        {
            "bootstrap.servers": bootstrap,
            "enable.idempotence": True,
            "compression.codec": codec,
            "message.max.bytes": 1048576,
            "linger.ms": 20,
        }
    )

    def acknowledged(expected):
        def check(error, message):
            if error is not None or message.offset() != expected:
                sys.exit("offset %d: %s, acknowledged at %s" % (expected, error, message.offset()))

        return check

    for line in sys.stdin:
        partition, offset, timestamp, key, value, headers = line.rstrip("\n").split(" ")
        pairs = [pair.split(":") for pair in headers.split(",") if pair != "-"]
        while True:
            try:
                producer.produce(
                    topic,
                    partition=int(partition),
                    timestamp=int(timestamp),
                    key=decoded(key),
                    value=decoded(value),
                    headers=[(decoded(name).decode("utf-8"), decoded(content)) for name, content in pairs],
                    on_delivery=acknowledged(int(offset)),
                )
                break
            except BufferError:
                producer.poll(1)
        producer.poll(0)
    if producer.flush(60) > 0:
        sys.exit("not everything was acknowledged")


def consumer_of(bootstrap):
    # A consumer must name a group, though one that assigns and does not commit never asks for it.
    return Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "none",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "check.crcs": True,
        }
    )


def consume(bootstrap, topic, partitions):
    consumer = consumer_of(bootstrap)
    consumer.assign([TopicPartition(topic, partition, 0) for partition in range(int(partitions))])
    ended = set()
    while len(ended) < int(partitions):
        message = consumer.poll(60)
        if message is None:
            sys.exit("nothing comes any more")
        if message.error() is not None:
            if message.error().code() != KafkaError._PARTITION_EOF:
                sys.exit(str(message.error()))
            ended.add(message.partition())
            continue
        headers = ",".join(
            encoded(name.encode("utf-8")) + ":" + encoded(content) for name, content in message.headers() or []
        )
        print(
            message.partition(),
            message.offset(),
            message.timestamp()[1],
            encoded(message.key()),
            encoded(message.value()),
            headers or "-",
        )
    consumer.close()


def offsets(bootstrap, topic, partitions, timestamp):
    consumer = consumer_of(bootstrap)
    wanted = [TopicPartition(topic, partition, int(timestamp)) for partition in range(int(partitions))]
    for found in consumer.offsets_for_times(wanted, 30):
        low, high = consumer.get_watermark_offsets(TopicPartition(topic, found.partition), 30)
        print(found.partition, low, high, found.offset)
    consumer.close()


def group(bootstrap, topic, group_id):
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": group_id,
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "session.timeout.ms": 3000,
            "heartbeat.interval.ms": 200,
        }
    )
    ending = []
    signal.signal(signal.SIGTERM, lambda number, frame: ending.append(number))
    consumer.subscribe([topic])
    while not ending:
        message = consumer.poll(0.1)
        if message is None:
            continue
        if message.error() is not None:
            sys.exit(str(message.error()))
        print(message.partition(), message.offset(), flush=True)
        consumer.commit(message=message, asynchronous=False)
    consumer.close()


{"create": create, "produce": produce, "consume": consume, "offsets": offsets, "group": group}[sys.argv[1]](*sys.argv[2:])
sys.stdout.flush()
os._exit(0)
