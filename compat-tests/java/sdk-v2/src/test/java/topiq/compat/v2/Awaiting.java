package topiq.compat.v2;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** An asynchronous client behind the interface of the synchronous one: each call waits for its future. */
final class Awaiting implements InvocationHandler {

    private final Class<?> asyncInterface;
    private final Object asyncClient;

    private Awaiting(Class<?> asyncInterface, Object asyncClient) {
        this.asyncInterface = asyncInterface;
        this.asyncClient = asyncClient;
    }

    static <S, A> S of(Class<S> syncInterface, Class<A> asyncInterface, A asyncClient) {
        return syncInterface.cast(Proxy.newProxyInstance(
                syncInterface.getClassLoader(),
                new Class<?>[] {syncInterface},
                new Awaiting(asyncInterface, asyncClient)));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        // A paginator of the synchronous kind only makes more calls of this kind.
        if (method.getName().endsWith("Paginator")) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }
        try {
            var answer = asyncInterface
                    .getMethod(method.getName(), method.getParameterTypes())
                    .invoke(asyncClient, arguments);
            return answer instanceof CompletableFuture<?> future ? future.join() : answer;
        } catch (InvocationTargetException failure) {
            throw failure.getCause();
        } catch (CompletionException failure) {
            throw failure.getCause();
        }
    }
}
