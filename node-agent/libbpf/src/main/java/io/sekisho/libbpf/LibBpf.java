package io.sekisho.libbpf;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.Delegate;
import jnr.ffi.annotations.IgnoreError;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import org.jspecify.annotations.Nullable;

/** libbpf 1.x as jnr-ffi binds it. Its functions return a negative errno when they fail. */
final class LibBpf {
  static final Runtime RUNTIME = Runtime.getSystemRuntime();
  static final Calls CALLS = LibraryLoader.create(Calls.class).load("libbpf.so.1");

  private LibBpf() {}

  /** The functions; opts structs are addresses of zeroed memory with their size at offset 0. */
  public interface Calls {
    @Nullable Pointer bpf_object__open_mem(@In byte[] elf, @size_t long size, Pointer opts);

    @IgnoreError
    int bpf_object__load(Pointer object);

    @IgnoreError
    void bpf_object__close(Pointer object);

    @IgnoreError
    @Nullable Pointer bpf_object__find_map_by_name(Pointer object, String name);

    @IgnoreError
    @Nullable Pointer bpf_object__next_map(Pointer object, @Nullable Pointer previous);

    @IgnoreError
    @Nullable Pointer bpf_object__next_program(Pointer object, @Nullable Pointer previous);

    @IgnoreError
    @Nullable Pointer bpf_object__btf(Pointer object);

    @IgnoreError
    @Nullable Pointer btf__raw_data(Pointer btf, @Out int[] size);

    @IgnoreError
    String bpf_map__name(Pointer map);

    @IgnoreError
    int bpf_map__fd(Pointer map);

    @IgnoreError
    byte bpf_map__is_internal(Pointer map);

    @IgnoreError
    int bpf_map__type(Pointer map);

    @IgnoreError
    int bpf_map__key_size(Pointer map);

    @IgnoreError
    int bpf_map__value_size(Pointer map);

    @IgnoreError
    int bpf_map__max_entries(Pointer map);

    @IgnoreError
    int bpf_map__map_flags(Pointer map);

    @IgnoreError
    int bpf_map__set_max_entries(Pointer map, int entries);

    @IgnoreError
    int bpf_map__reuse_fd(Pointer map, int fd);

    @IgnoreError
    int bpf_map__set_pin_path(Pointer map, @Nullable String path);

    @IgnoreError
    @Nullable Pointer bpf_map__initial_value(Pointer map, @Out long[] size);

    @IgnoreError
    @Nullable Pointer bpf_map__inner_map(Pointer map);

    @IgnoreError
    String bpf_program__name(Pointer program);

    @IgnoreError
    int bpf_program__set_autoload(Pointer program, byte load);

    @IgnoreError
    int bpf_program__fd(Pointer program);

    @IgnoreError
    int bpf_map_create(int type, String name, int key, int value, int entries, Pointer opts);

    @IgnoreError
    int bpf_map_lookup_elem(int fd, @In byte[] key, @Out byte[] value);

    @IgnoreError
    int bpf_map_update_elem(int fd, @In byte[] key, @In byte[] value, long flags);

    @IgnoreError
    int bpf_map_delete_elem(int fd, @In byte[] key);

    @IgnoreError
    int bpf_map_lookup_and_delete_elem(int fd, @In byte[] key, @Out byte[] value);

    @IgnoreError
    int bpf_map_get_next_key(int fd, @In byte @Nullable [] key, @Out byte[] next);

    @IgnoreError
    int bpf_map_update_batch(int fd, Pointer keys, Pointer values, Pointer count, Pointer opts);

    @IgnoreError
    int bpf_map_delete_batch(int fd, Pointer keys, Pointer count, Pointer opts);

    @IgnoreError
    int bpf_map_lookup_batch(
        int fd,
        @Nullable Pointer from,
        Pointer next,
        Pointer keys,
        Pointer values,
        Pointer count,
        Pointer opts);

    @IgnoreError
    int bpf_map_get_fd_by_id(int id);

    @IgnoreError
    int bpf_obj_pin(int fd, String path);

    @IgnoreError
    int bpf_obj_get(String path);

    @IgnoreError
    int bpf_obj_get_info_by_fd(int fd, Pointer info, Pointer length);

    @IgnoreError
    int bpf_prog_load(
        int type,
        String name,
        String license,
        Pointer code,
        @size_t long instructions,
        @Nullable Pointer opts);

    @IgnoreError
    int bpf_prog_test_run_opts(int fd, Pointer opts);

    @IgnoreError
    int bpf_link_create(int program, int target, int type, @Nullable Pointer opts);

    @IgnoreError
    int bpf_link_update(int link, int program, @Nullable Pointer opts);

    @IgnoreError
    int bpf_link_detach(int link);

    @IgnoreError
    int bpf_tc_hook_create(Pointer hook);

    @IgnoreError
    int bpf_tc_hook_destroy(Pointer hook);

    @IgnoreError
    int bpf_tc_attach(Pointer hook, Pointer opts);

    @IgnoreError
    int bpf_tc_detach(Pointer hook, Pointer opts);

    @IgnoreError
    int bpf_tc_query(Pointer hook, Pointer opts);

    @IgnoreError
    int libbpf_probe_bpf_map_type(int type, @Nullable Pointer opts);

    @IgnoreError
    int libbpf_probe_bpf_prog_type(int type, @Nullable Pointer opts);

    @IgnoreError
    int libbpf_probe_bpf_helper(int programType, int helper, @Nullable Pointer opts);

    @IgnoreError
    int libbpf_num_possible_cpus();

    @Nullable Pointer libbpf_set_print(Print print);
  }

  /** What libbpf calls with every message; the third argument is a va_list. */
  public interface Print {
    @Delegate
    int call(int level, Pointer format, Pointer arguments);
  }
}
