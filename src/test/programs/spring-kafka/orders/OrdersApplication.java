package orders;

import java.io.IOException;
import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;

/**
 * A shop's back office: it takes orders, books payments and tells prices. What it did it prints, a line for each fact. It stops in order when its
 * standard input ends.
 */
@SpringBootApplication
public class OrdersApplication {
    public static void main(String[] args) throws IOException {
        try (ConfigurableApplicationContext _ = SpringApplication.run(OrdersApplication.class, args)) {
            System.in.readAllBytes();
        }
    }

    @Bean
    NewTopic orders() {
        return TopicBuilder.name("orders").partitions(6).build();
    }

    @Bean
    KafkaAdmin.NewTopics others() {
        return new KafkaAdmin.NewTopics(
                TopicBuilder.name("receipts").partitions(1).build(),
                TopicBuilder.name("payments").partitions(3).build(),
                TopicBuilder.name("prices").partitions(1).build(),
                TopicBuilder.name("price-answers").partitions(1).build());
    }
}
