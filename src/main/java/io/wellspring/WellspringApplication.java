package io.wellspring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the broker: one Spring Boot application. */
@SpringBootApplication
public class WellspringApplication {
    public static void main(String[] args) {
        SpringApplication.run(WellspringApplication.class, args);
    }
}
