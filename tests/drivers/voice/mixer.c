/* A sound card's mixer for the tests, as a control plugin of the real ALSA library: one volume of 0 to 100
   ("PCM"), kept in the file that "path" names. A card that is not there: the file is not there. */
#include <alsa/asoundlib.h>
#include <alsa/control_external.h>

typedef struct { snd_ctl_ext_t ext; char *path; } mixer_t;

static void mixer_close(snd_ctl_ext_t *ext) {
    mixer_t *mixer = ext->private_data;
    free(mixer->path);
    free(mixer);
}

static int elem_count(snd_ctl_ext_t *ext) { return 1; }

static int elem_list(snd_ctl_ext_t *ext, unsigned int at, snd_ctl_elem_id_t *id) {
    snd_ctl_elem_id_set_interface(id, SND_CTL_ELEM_IFACE_MIXER);
    snd_ctl_elem_id_set_name(id, "PCM Playback Volume");
    return 0;
}

static snd_ctl_ext_key_t find_elem(snd_ctl_ext_t *ext, const snd_ctl_elem_id_t *id) {
    return strcmp(snd_ctl_elem_id_get_name(id), "PCM Playback Volume") ? SND_CTL_EXT_KEY_NOT_FOUND : 0;
}

static int get_attribute(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, int *type, unsigned int *acc, unsigned int *count) {
    *type = SND_CTL_ELEM_TYPE_INTEGER;
    *acc = SND_CTL_EXT_ACCESS_READWRITE;
    *count = 1;
    return 0;
}

static int get_integer_info(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, long *least, long *most, long *step) {
    *least = 0, *most = 100, *step = 1;
    return 0;
}

static int read_integer(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, long *value) {
    FILE *file = fopen(((mixer_t *)ext->private_data)->path, "r");
    if (!file) return -ENODEV;
    int read = fscanf(file, "%ld", value);
    fclose(file);
    return read == 1 ? 0 : -EIO;
}

static int write_integer(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, long *value) {
    FILE *file = fopen(((mixer_t *)ext->private_data)->path, "r+");
    if (!file) return -ENODEV;
    fprintf(file, "%-4ld", *value);
    return fclose(file) ? -EIO : 1;
}

static int read_event(snd_ctl_ext_t *ext, snd_ctl_elem_id_t *id, unsigned int *mask) { return -EAGAIN; }

static const snd_ctl_ext_callback_t CALLS = {
    .close = mixer_close, .elem_count = elem_count, .elem_list = elem_list, .find_elem = find_elem,
    .get_attribute = get_attribute, .get_integer_info = get_integer_info,
    .read_integer = read_integer, .write_integer = write_integer, .read_event = read_event,
};

SND_CTL_PLUGIN_DEFINE_FUNC(test) {
    mixer_t *mixer = calloc(1, sizeof *mixer);
    const char *path = NULL;
    snd_config_iterator_t at, next;
    snd_config_for_each(at, next, conf) {
        const char *key;
        snd_config_t *entry = snd_config_iterator_entry(at);
        if (snd_config_get_id(entry, &key) == 0 && !strcmp(key, "path")) snd_config_get_string(entry, &path);
    }
    if (!mixer || !path || access(path, R_OK)) { free(mixer); return -ENODEV; }
    mixer->path = strdup(path);
    mixer->ext = (snd_ctl_ext_t){.version = SND_CTL_EXT_VERSION, .poll_fd = -1, .callback = &CALLS,
                                 .private_data = mixer};
    strcpy(mixer->ext.id, "test");
    strcpy(mixer->ext.name, "mixer of the tests");
    int failed = snd_ctl_ext_create(&mixer->ext, name, mode);
    if (failed < 0) { free(mixer->path); free(mixer); return failed; }
    *handlep = mixer->ext.handle;
    return 0;
}
SND_CTL_PLUGIN_SYMBOL(test);
