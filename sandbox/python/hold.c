/*
 * Lets a start-up hook choose the script that this interpreter will run, after it has started and before it
 * looks for one. Python has no public call for that: the name lies in the interpreter's own configuration,
 * which is why this is built against the headers of exactly the Python in the image.
 */
#define Py_BUILD_CORE_MODULE 1
#include <Python.h>
#include "internal/pycore_interp.h"

/* set_script(path, argv): path is absolute, argv[0] is what sys.argv[0] shows. */
static PyObject *set_script(PyObject *self, PyObject *args)
{
    PyObject *path, *argv;
    if (!PyArg_ParseTuple(args, "UO!", &path, &PyList_Type, &argv)) {
        return NULL;
    }
    PyConfig *config = &PyInterpreterState_Get()->config;
    wchar_t *script = PyUnicode_AsWideCharString(path, NULL);
    if (script == NULL) {
        return NULL;
    }
    PyStatus status = PyConfig_SetString(config, &config->run_filename, script);
    PyMem_Free(script);
    if (PyStatus_Exception(status)) {
        return PyErr_Format(PyExc_RuntimeError, "set_script: %s", status.err_msg);
    }

    Py_ssize_t count = PyList_GET_SIZE(argv);
    wchar_t **items = PyMem_Calloc(count, sizeof(wchar_t *));
    if (items == NULL) {
        return PyErr_NoMemory();
    }
    PyObject *result = NULL;
    for (Py_ssize_t i = 0; i < count; i++) {
        items[i] = PyUnicode_AsWideCharString(PyList_GET_ITEM(argv, i), NULL);
        if (items[i] == NULL) {
            goto done;
        }
    }
    status = PyConfig_SetWideStringList(config, &config->argv, count, items);
    if (PyStatus_Exception(status)) {
        PyErr_Format(PyExc_RuntimeError, "set_script: %s", status.err_msg);
        goto done;
    }
    result = Py_NewRef(Py_None);
done:
    for (Py_ssize_t i = 0; i < count; i++) {
        PyMem_Free(items[i]);
    }
    PyMem_Free(items);
    return result;
}

static PyMethodDef methods[] = {
    {"set_script", set_script, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "_codesync_hold", .m_size = -1, .m_methods = methods,
};

PyMODINIT_FUNC PyInit__codesync_hold(void)
{
    return PyModule_Create(&module);
}
