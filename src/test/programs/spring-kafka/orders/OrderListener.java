package orders;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.BackOff;
import org.springframework.kafka.annotation.DltHandler;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.annotation.RetryableTopic;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.retrytopic.RetryTopicHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;

/** Takes orders, three consumers at a time. An order that fails is tried again after a while, and put aside after the third time. */
@Component
class OrderListener {
    private final KafkaTemplate<String, String> receipts;

    OrderListener(KafkaTemplate<String, String> receipts) {
        this.receipts = receipts;
    }

    @RetryableTopic(
            attempts = "3",
            backOff = @BackOff(delay = 200, multiplier = 2),
            numPartitions = "6",
            concurrency = "1")
    @KafkaListener(id = "orders", topics = "orders", concurrency = "3")
    void take(
            ConsumerRecord<String, String> order,
            @Header(name = RetryTopicHeaders.DEFAULT_HEADER_ATTEMPTS, required = false) Integer retry) {
        int attempt = retry == null ? 1 : retry;
        Facts.tell(
                "order",
                order.topic(),
                order.partition(),
                order.offset(),
                order.value(),
                attempt,
                Thread.currentThread().getName());
        if (order.value().startsWith("poison")) {
            throw new IllegalArgumentException("cannot be handled: " + order.value());
        }
        if (order.value().startsWith("flaky") && attempt == 1) {
            throw new IllegalStateException("not now: " + order.value());
        }
        // An order is done when its receipt is acknowledged.
        receipts.send("receipts", order.key(), order.value()).join();
    }

    @DltHandler
    void putAside(ConsumerRecord<String, String> order) {
        Facts.tell("dead", order.topic(), order.partition(), order.offset(), order.value());
    }
}
