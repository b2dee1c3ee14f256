package topiq.compat.spring;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import topiq.compat.Topiq;

/** Runs the application once for all stories, with topiq for its endpoint. */
@SpringBootTest(classes = Shop.class, webEnvironment = WebEnvironment.RANDOM_PORT)
abstract class ShopStory {

    @Autowired
    protected Resources resources;

    @Autowired
    protected Listeners listeners;

    @DynamicPropertySource
    static void useTopiq(DynamicPropertyRegistry properties) {
        properties.add("spring.cloud.aws.endpoint", () -> Topiq.ENDPOINT);
        properties.add("spring.cloud.aws.region.static", () -> Topiq.REGION);
        properties.add("spring.cloud.aws.credentials.access-key", () -> Topiq.ACCOUNT);
        properties.add("spring.cloud.aws.credentials.secret-key", () -> Topiq.SECRET_KEY);
        properties.add("logging.level.root", () -> "warn");
    }
}
