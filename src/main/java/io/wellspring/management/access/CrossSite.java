package io.wellspring.management.access;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Finds requests that a page of another site made a browser send: a browser adds credentials that a person once typed to them, too. Browsers tell by
 * {@code Sec-Fetch-Site} (Fetch Metadata) and {@code Origin}; other clients send neither. Threads: any.
 */
final class CrossSite implements ServerWebExchangeMatcher {
    private static final String SITE = "Sec-Fetch-Site";
    private static final String SAME_ORIGIN = "same-origin";
    private static final String TYPED_BY_A_PERSON = "none";

    @Override
    public Mono<MatchResult> matches(ServerWebExchange exchange) {
        return isCrossSite(exchange.getRequest()) ? MatchResult.match() : MatchResult.notMatch();
    }

    private static boolean isCrossSite(ServerHttpRequest request) {
        if (request.getMethod().equals(HttpMethod.GET) || request.getMethod().equals(HttpMethod.HEAD)) {
            return false;
        }
        HttpHeaders headers = request.getHeaders();
        String site = headers.getFirst(SITE);
        if (site != null && !site.equals(SAME_ORIGIN) && !site.equals(TYPED_BY_A_PERSON)) {
            return true;
        }
        return CorsUtils.isCorsRequest(request);
    }
}
