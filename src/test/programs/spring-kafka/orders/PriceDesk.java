package orders;

import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.requestreply.ReplyingKafkaTemplate;
import org.springframework.messaging.handler.annotation.SendTo;

/** Asks for prices over one topic and gets the answers over another. */
@Configuration
class PriceDesk {
    @KafkaListener(id = "prices", topics = "prices")
    @SendTo
    String price(String article) {
        return article + " costs " + article.length();
    }

    // Beside the template that everybody else sends with.
    @Bean(defaultCandidate = false)
    ReplyingKafkaTemplate<String, String, String> asking(
            ProducerFactory<String, String> producers,
            ConcurrentKafkaListenerContainerFactory<String, String> containers) {
        ConcurrentMessageListenerContainer<String, String> answers = containers.createContainer("price-answers");
        answers.getContainerProperties().setGroupId("price-answers");
        ReplyingKafkaTemplate<String, String, String> template = new ReplyingKafkaTemplate<>(producers, answers);
        template.setSharedReplyTopic(true);
        return template;
    }

    @Bean
    ApplicationRunner ask(@Qualifier("asking") ReplyingKafkaTemplate<String, String, String> asking) {
        return _ -> {
            asking.waitForAssignment(Duration.ofSeconds(60));
            for (String article : new String[] {"ink", "paper"}) {
                String answer = asking.sendAndReceive(
                                new ProducerRecord<>("prices", article, article), Duration.ofSeconds(60))
                        .get()
                        .value();
                Facts.tell("answer", answer);
            }
            Facts.tell("started");
        };
    }
}
