package orders;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.support.Acknowledgment;
import org.springframework.stereotype.Component;

/** Books payments as they come, many at once, and acknowledges them itself; and writes each receipt down, committing one by one. */
@Component
class PaymentListener {
    @KafkaListener(id = "payments", topics = "payments", batch = "true", ackMode = "MANUAL_IMMEDIATE")
    void book(List<ConsumerRecord<String, String>> payments, Acknowledgment acknowledgment) {
        Facts.tell("batch", payments.size());
        for (ConsumerRecord<String, String> payment : payments) {
            Facts.tell("payment", payment.partition(), payment.offset(), payment.value());
        }
        acknowledgment.acknowledge();
    }

    @KafkaListener(id = "ledger", topics = "receipts", ackMode = "RECORD")
    void write(ConsumerRecord<String, String> receipt) {
        Facts.tell("receipt", receipt.offset(), receipt.value());
    }
}
